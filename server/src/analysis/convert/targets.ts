/** What a job needs to follow a strategy, as the strategy's own recipe says it. */
import type { BuildSite, Environment } from '../../model/build-site.js';
import { settled } from '../../model/known.js';
import { show } from '../../model/text.js';
import type { StrategyInfo } from '../strategy-infos.js';

export interface ServiceFacts {
  readonly name: string;
  /** Its own, beside those of the job. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface TargetFacts {
  readonly image: string;
  readonly clearEntrypoint: boolean;
  readonly variables: Readonly<Record<string, string>>;
  readonly services: readonly ServiceFacts[];
  /** What has to be there before it works, as phrases. */
  readonly needs: readonly string[];
  /** Rules whose findings come with the strategy. */
  readonly accepts: readonly string[];
}

/** A strategy with the job of its recipe. */
export interface TargetRecipe {
  readonly info: StrategyInfo;
  readonly site: BuildSite;
}

/** `undefined` for a recipe whose job has no image. */
export function targetFacts({ info, site }: TargetRecipe): TargetFacts | undefined {
  const image = settled(site.image);
  if (!image) return undefined;
  return {
    image: show(image.ref.text),
    clearEntrypoint: image.entrypoint.state === 'known',
    variables: textsOf(site.env, () => true),
    services: (settled(site.services) ?? []).map(({ ref, variables }) => ({
      name: show(ref.text),
      variables: textsOf(variables, name => site.env.get(name).state === 'absent'),
    })),
    needs: info.needs,
    accepts: info.accepts,
  };
}

function textsOf(env: Environment, isWanted: (name: string) => boolean): Readonly<Record<string, string>> {
  const texts = env.names().flatMap(name => {
    const value = isWanted(name) ? settled(env.get(name)) : undefined;
    return value ? [[name, show(value)] as const] : [];
  });
  return Object.fromEntries(texts);
}
