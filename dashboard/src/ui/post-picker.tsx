import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import type { PostSearchAnswer } from '../../../api/posts/routes.ts'
import { get } from '../api.ts'
import { published } from '../format.ts'

/** Finds a stored post by its words; what is chosen is its number. */
export function PostPicker({ value, onChange }: { value?: number; onChange?(value: number): void }) {
  const [words, setWords] = useState('')
  const asked = words.trim()
  const { data, isFetching } = useQuery({
    queryKey: ['posts', 'pick', asked],
    queryFn: () => get<PostSearchAnswer>(`/api/posts?limit=20&text=${encodeURIComponent(asked)}`),
    enabled: asked !== '',
    placeholderData: previous => previous,
  })
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setWords }}
      aria-label="查找帖子"
      placeholder="输入标题或正文里的几个字"
      value={value ?? null}
      onChange={id => id !== null && onChange?.(id)}
      loading={isFetching}
      notFoundContent={asked ? (isFetching ? '查找中…' : '没有找到') : '输入几个字开始查找'}
      options={(asked ? (data?.items ?? []) : []).map(post => ({
        value: post.id,
        label: `${post.title ?? post.excerpt.slice(0, 40)}（${post.source.name} ${published(post.publishedAt, post.publishedPrecision)}）`,
      }))}
    />
  )
}
