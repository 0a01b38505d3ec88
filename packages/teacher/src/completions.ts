export { chatTeacher } from './completions/chat-teacher.js';
export type { ChatTeacherOptions } from './completions/chat-teacher.js';
export type { TokensOfClasses } from './completions/class-tokens.js';
export { completionsTeacher } from './completions/completions-teacher.js';
export type { CompletionsTeacherOptions } from './completions/completions-teacher.js';
export type { ChatMessage, ChatPrompt } from './completions/messages.js';
export type { ServerOptions } from './completions/server-options.js';
