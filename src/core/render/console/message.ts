import type { Message } from '../../engine/messages.ts';
import { wrap } from '../../text/lines.ts';
import {
  renderHandover,
  renderNotice,
  renderNotNeeded,
  renderNotStartable,
  renderRunsDegraded,
  renderStarting,
  renderUnlisted,
  renderUp,
  shellDenialWords,
} from './boot-messages.ts';
import { renderGreeting } from './listing.ts';
import { renderChosen, renderConfirm, renderQuestion, renderQuestionKeys } from './question.ts';

/** A message as whole lines for a console: 79 columns, ASCII, safe. `hasEscape`: Esc is a key there. */
export function renderMessage(message: Message, hasEscape = true): string {
  switch (message.kind) {
    case 'notice':
      return renderNotice(message.arrays, message.canStart, message.shellDenied, hasEscape);
    case 'question':
      return [
        renderQuestion(message.array, message.question, message.presence),
        renderQuestionKeys(message.question.choices.length, message.shellDenied),
      ].join('\n');
    case 'confirm':
      return renderConfirm(message.number, message.array, message.choice);
    case 'withdrawn':
      return '  Not started.';
    case 'chosen':
      return renderChosen(message.number, message.array, message.choice);
    case 'starting':
      return renderStarting(message.array, message.presence, message.wasNoticed, message.writtenMs);
    case 'not-startable':
      return renderNotStartable(message.array, message.verdict, message.presence, message.failure);
    case 'up':
      return renderUp(message.array, message.missing, message.came);
    case 'runs-degraded':
      return renderRunsDegraded(message.arrays);
    case 'unlisted':
      return renderUnlisted(message.arrays, message.because);
    case 'not-needed':
      return renderNotNeeded(message.arrays, message.rebuild);
    case 'no-shell':
      return wrap(`  No rescue shell: ${shellDenialWords(message.why)}.`).join('\n');
    case 'shell-greeting':
      return renderGreeting(message.watchlist, message.snapshot, message.stale);
    case 'handover':
      return renderHandover(message.arrays, message.reportPath);
  }
}
