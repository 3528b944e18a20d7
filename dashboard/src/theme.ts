import type { ThemeConfig } from 'antd'

/** One calm palette; style/base.css names the same colours for what is not antd's. */
export const THEME: ThemeConfig = {
  token: {
    // Dialogs and lists stand at once for whoever asked the system for less motion.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    colorPrimary: '#1d5bb8',
    colorInfo: '#1d5bb8',
    colorSuccess: '#15754b',
    colorWarning: '#b45309',
    colorError: '#b42318',
    colorText: '#1a2433',
    colorTextSecondary: '#55627a',
    colorTextTertiary: '#66728a',
    colorBorder: '#d3dae6',
    colorBorderSecondary: '#e5eaf2',
    colorBgLayout: '#f3f5f9',
    borderRadius: 6,
    fontSize: 14,
    fontFamily:
      'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
  },
  components: {
    Table: { headerBg: '#f6f8fb', headerColor: '#55627a', cellPaddingBlock: 11 },
    Alert: {
      colorWarningBg: '#fff6e5',
      colorWarningBorder: '#f1cd8f',
      colorSuccessBg: '#e9f7f0',
      colorSuccessBorder: '#9fd6bb',
      colorErrorBg: '#fef0ee',
      colorErrorBorder: '#f0b8b1',
    },
    Segmented: { trackBg: '#e6ebf3' },
  },
}
