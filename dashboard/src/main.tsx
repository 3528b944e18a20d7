import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntApp, ConfigProvider } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { ApiError } from './api.ts'
import { App } from './app.tsx'
import { nonce } from './csp.ts'
import './style/base.css'
import './style/shell.css'
import './style/desk.css'
import './style/calendar.css'
import './style/insight.css'
import './style/manage.css'
import './style/notices.css'
import './style/rules.css'
import './style/slip.css'
import './style/statistics.css'
import { THEME } from './theme.ts'

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended while the page stood open: back to the sign-in form, the address stays.
    onError: error => {
      if (error instanceof ApiError && error.code === 'auth.required') queries.setQueryData(['session'], null)
    },
  }),
  defaultOptions: {
    queries: {
      retry: (count, error) =>
        count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      staleTime: 2_000,
    },
  },
})

// After an upgrade a page that stood open asks for parts that are gone: it starts anew from its address.
window.addEventListener('vite:preloadError', event => {
  event.preventDefault()
  window.location.reload()
})

createRoot(document.getElementById('root') as HTMLElement).render(
  <ConfigProvider
    locale={zhCN}
    csp={{ nonce }}
    theme={THEME}
    button={{ autoInsertSpace: false }}
    // A slip of the mouse beside a form must not throw away what was written.
    modal={{ mask: { closable: false } }}
  >
    <AntApp>
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </AntApp>
  </ConfigProvider>,
)
