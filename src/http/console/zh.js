/** The page in Chinese. @type {Record<string, string>} */
export const zh = {};
