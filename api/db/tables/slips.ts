/** Filled by the slips noun. */
// biome-ignore lint/suspicious/noEmptyInterface: composed into Schema; the noun adds its tables here
export interface SlipTables {}
