/** Filled by the deadlines noun. */
// biome-ignore lint/suspicious/noEmptyInterface: composed into Schema; the noun adds its tables here
export interface CalendarTables {}
