/** What helps where a file of a model is missing or of another kind. */
export const notAModel = 'Pass the directory of a model that model.save wrote.';
