/**
 * Gives each participant a turn in every round. Every other round runs in the opposite order, so that no one
 * always follows the same one.
 */
export async function inTurns<Participant>(
  rounds: number,
  participants: readonly Participant[],
  turn: (participant: Participant, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const participant of round % 2 === 0 ? participants : participants.toReversed()) {
      await turn(participant, round);
    }
  }
}
