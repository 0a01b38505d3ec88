/** The remedy if a file of a model is missing or of another kind. */
export const notAModel = 'Pass a directory that model.save wrote.';
