// What a visitor fills in, as one part that comes when it is wanted.
export { EmailCard } from './email-card.tsx'
export { FeedbackForm } from './feedback-form.tsx'
