/** What errors name as the one who complains. */
export const where = '@kd/backend install';
