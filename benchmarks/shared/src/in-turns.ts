/**
 * Gives each participant its turn in every round; every other round in the opposite order, so that none
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
