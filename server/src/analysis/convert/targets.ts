/** What a job needs to follow a strategy, as the strategy's own recipe says it. */
import type { BuildSite } from '../../model/build-site.js';
import { settled } from '../../model/known.js';
import { show } from '../../model/text.js';
import type { StrategyInfo } from '../strategy-infos.js';

export interface TargetFacts {
  readonly image: string;
  readonly clearEntrypoint: boolean;
  readonly variables: Readonly<Record<string, string>>;
  readonly services: readonly string[];
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
  const variables = site.env.names().flatMap(name => {
    const value = settled(site.env.get(name));
    return value ? [[name, show(value)] as const] : [];
  });
  return {
    image: show(image.ref.text),
    clearEntrypoint: image.entrypoint.state === 'known',
    variables: Object.fromEntries(variables),
    services: (settled(site.services) ?? []).map(({ ref }) => show(ref.text)),
    needs: info.needs,
    accepts: info.accepts,
  };
}
