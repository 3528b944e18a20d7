import { Skeleton, Table, type TableProps } from 'antd'
import type { Key, ReactNode } from 'react'
import { usePhone } from './use-phone.ts'

interface Props<Row> {
  items: Row[]
  keyOf(row: Row): Key
  isPending: boolean
  /** Shown where there is nothing. */
  empty: ReactNode
  /** One row on a phone. */
  card(row: Row): ReactNode
  columns: TableProps<Row>['columns']
}

/** A list as a table on a wide screen, as cards on a phone. */
export function ListPanel<Row extends object>({ items, keyOf, isPending, empty, card, columns }: Props<Row>) {
  const phone = usePhone()
  return (
    <div className="panel flush">
      {phone ? (
        <>
          {isPending && <Skeleton active className="pad" />}
          {!isPending && !items.length && <div className="pad">{empty}</div>}
          {items.map(row => (
            <div className="card-row" key={keyOf(row)}>
              {card(row)}
            </div>
          ))}
        </>
      ) : (
        <Table
          rowKey={keyOf}
          loading={isPending}
          dataSource={items}
          pagination={false}
          scroll={{ x: 860 }}
          locale={{ emptyText: empty }}
          columns={columns ?? []}
        />
      )}
    </div>
  )
}
