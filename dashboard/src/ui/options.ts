/** Labels of api/vocabulary.ts as the options of a select. */
export const optionsOf = <Code extends string>(labels: Readonly<Record<Code, string>>) =>
  (Object.keys(labels) as Code[]).map(value => ({ value, label: labels[value] }))

/** What is typed already is no offer: its list would only cover what stands below. */
export const isOffer = (value: string, typed: string): boolean => value !== typed && value.includes(typed)
