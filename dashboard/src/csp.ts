/** Of this page load; antd's own styles carry it. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

// antd's parts insert two style elements without the nonce, and set style attributes as text, which the policy forbids:
// the one gets the nonce, the other goes through the object model, which the policy trusts.
const create = document.createElement.bind(document)
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = create(name, options)
  if (name === 'style') element.setAttribute('nonce', nonce)
  return element
}) as typeof document.createElement

const { setAttribute } = HTMLElement.prototype
HTMLElement.prototype.setAttribute = function (name, value) {
  if (name === 'style') this.style.cssText = value
  else setAttribute.call(this, name, value)
}
