import { Button } from 'antd'
import { useFail } from './use-act.ts'

/** S-38: names and numbers of netizens are hidden until somebody asks for them; `reveal` asks, and leaves a trace. */
export function Reveal({ reveal }: { reveal(): Promise<unknown> }) {
  const fail = useFail()
  return (
    <Button
      size="small"
      type="link"
      onClick={() => reveal().catch(fail)}
      title="姓名、电话等已隐去；查看原文会留下记录"
    >
      显示网民信息
    </Button>
  )
}
