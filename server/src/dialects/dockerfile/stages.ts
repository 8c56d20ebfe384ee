/** Reads a Dockerfile into its stages. */
import { DockerfileParser, type From, type Instruction } from 'dockerfile-ast';

export interface Stage {
  readonly from: From;
  readonly others: readonly Instruction[];
  /** It goes on from a stage before it; case does not count in their names. */
  readonly isStage: boolean;
}

export function stagesOf(text: string): readonly Stage[] {
  const stages: { from: From; others: Instruction[]; isStage: boolean }[] = [];
  const names = new Set<string>();
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = instruction as From;
      const name = from.getBuildStage()?.toLowerCase();
      stages.push({ from, others: [], isStage: names.has(from.getImage()?.toLowerCase() ?? '') });
      if (name !== undefined) names.add(name);
    } else stages.at(-1)?.others.push(instruction);
  }
  return stages;
}
