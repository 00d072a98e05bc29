/** The bill of materials of a release, in the JSON of CycloneDX: the same text for the same parts and date. */
import { createHash } from 'node:crypto';
import { Enums, Models, Serialize, SPDX, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { PACKAGE, ToolError } from '../project.ts';
import type { Part } from './part.ts';

export interface Materials {
  /** Seconds since 1970. */
  readonly date: number;
  /** The parts that the programs themselves name. */
  readonly direct: readonly string[];
  readonly parts: readonly Part[];
}

const SPEC = Spec.Spec1dot6;
const MAKERS = 'reliable-raid maintainers';
const TYPE = { platform: Enums.ComponentType.Platform, library: Enums.ComponentType.Library } as const;
const SUM = { 'SHA-256': Enums.HashAlgorithm['SHA-256'], 'SHA-512': Enums.HashAlgorithm['SHA-512'] } as const;

export async function billOfMaterials(materials: Materials): Promise<string> {
  const bom = bomOf(materials);
  // A serial number is asked for: one that follows from the text names the same text alone.
  bom.serialNumber = serialNumber(textOf(bom));
  const text = textOf(bom);
  const wrong = await new Validation.JsonStrictValidator(SPEC.version).validate(text);
  if (wrong !== null)
    throw new ToolError(
      `the bill of materials is not CycloneDX ${SPEC.version}: ${JSON.stringify(wrong)}`,
      'look at the parts under tools/release',
    );
  return text;
}

function bomOf({ date, direct, parts }: Materials): Models.Bom {
  const root = new Models.Component(Enums.ComponentType.Application, 'reliable-raid', {
    ...{ bomRef: `reliable-raid@${PACKAGE.version}`, version: PACKAGE.version },
    purl: `pkg:generic/reliable-raid@${PACKAGE.version}`,
    licenses: licences('MIT'),
    supplier: new Models.OrganizationalEntity({ name: MAKERS }),
  });
  const components = new Map(parts.map((part) => [part.ref, componentOf(part)]));
  connect(root, direct, components);
  for (const { ref, needs } of parts) {
    const component = components.get(ref);
    if (component !== undefined) connect(component, needs, components);
  }
  return new Models.Bom({
    metadata: new Models.Metadata({
      timestamp: new Date(date * 1000),
      lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.Build]),
      authors: new Models.OrganizationalContactRepository([
        new Models.OrganizationalContact({ name: MAKERS }),
      ]),
      component: root,
    }),
    components: new Models.ComponentRepository(components.values()),
  });
}

function componentOf(part: Part): Models.Component {
  const { ref, type, name, version, purl, cpe, license, sum, description } = part;
  const scoped = /^(@[^/]+)\/(.+)$/.exec(name);
  return new Models.Component(TYPE[type], scoped?.[2] ?? name, {
    ...{ bomRef: ref, version, purl, scope: Enums.ComponentScope.Required },
    ...(scoped?.[1] === undefined ? {} : { group: scoped[1] }),
    ...(cpe === undefined ? {} : { cpe }),
    ...(license === undefined ? {} : { licenses: licences(license) }),
    ...(sum === undefined ? {} : { hashes: new Models.HashDictionary([[SUM[sum.algorithm], sum.content]]) }),
    ...(description === undefined ? {} : { description }),
  });
}

/** npm packages name one of SPDX's licences, or an expression of several. */
function licences(name: string): Models.LicenseRepository {
  return new Models.LicenseRepository([
    SPDX.isSupportedSpdxId(name) ? new Models.SpdxLicense(name) : new Models.LicenseExpression(name),
  ]);
}

function connect(
  component: Models.Component,
  needs: readonly string[],
  components: ReadonlyMap<string, Models.Component>,
): void {
  for (const need of needs) {
    const needed = components.get(need);
    if (needed === undefined) throw new ToolError(`${component.name} needs ${need}, which is not listed`);
    component.dependencies.add(needed.bomRef);
  }
}

const textOf = (bom: Models.Bom): string =>
  `${new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(SPEC)).serialize(bom, { sortLists: true, space: 2 })}\n`;

/** A UUID of version 8, whose digits are whatever their maker wants. */
function serialNumber(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(12, 15)}`,
    `8${digits.slice(15, 18)}`,
  ];
  return `urn:uuid:${[...groups, digits.slice(18, 30)].join('-')}`;
}
