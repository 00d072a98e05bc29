/**
 * Makes some data that a program carries shorter, and takes the pages that are then unused out of its file. Every address stays
 * what it was; nothing is mapped where the data was that went.
 */
import { ToolError } from '../project.ts';
import {
  HEADER_TABLE,
  LOAD,
  moveSection,
  moveSectionTable,
  type Place,
  type Segment,
  sectionsOf,
  sectionTable,
  segmentsOf,
  WITHOUT_BYTES,
  writeSegments,
} from './elf.ts';

export function shortenData(program: Buffer, place: Place, shorter: (data: Buffer) => Buffer): Buffer {
  const segments = segmentsOf(program);
  const around = segments.find(
    ({ kind, address, fileBytes }) =>
      kind === LOAD && address <= place.address && place.address + place.bytes <= address + fileBytes,
  );
  if (around === undefined) throw new ToolError('the data to shorten lies in no segment of the program');
  const start = around.offset + place.address - around.address;
  const data = shorter(program.subarray(start, start + place.bytes));
  const end = start + data.length;
  const page = Math.max(...segments.map(({ offset, align }) => (offset < around.offset ? 1 : align)));
  // A whole page stays free behind the data. pkg moves the table of segments into the first gap that is large enough; kernels
  // before 5.18 look for it as if the file were mapped in one piece, which is true only up to here.
  const from = roundUp(end, page) + page;
  const to = roundDown(start + place.bytes, page);
  const gone = to - from;
  if (gone <= 0) throw new ToolError(`the data to shorten has ${place.bytes} bytes: no page would be saved`);

  const file = Buffer.from(program);
  data.copy(file, start);
  file.fill(0, end, from);
  const behind = (offset: number): number => (offset >= to ? offset - gone : offset);
  writeSegments(
    file,
    splitSegment(segments, around, end, to).map((one) => ({ ...one, offset: behind(one.offset) })),
  );
  for (const section of sectionsOf(program)) {
    const holdsIt = section.kind !== WITHOUT_BYTES && section.offset <= start;
    const isCut = holdsIt && section.offset + section.bytes >= to;
    moveSection(file, section, behind(section.offset), isCut ? end - section.offset : section.bytes);
  }
  moveSectionTable(file, behind(sectionTable(program)));
  return Buffer.concat([file.subarray(0, from), file.subarray(to)]);
}

/**
 * One that ends at `end` and one that begins at `to`, as offsets before the cut. The table has no room for one more: the entry
 * that tells where the table is goes, which a program at fixed addresses does not need.
 */
function splitSegment(
  segments: readonly Segment[],
  around: Segment,
  end: number,
  to: number,
): readonly Segment[] {
  const head = end - around.offset;
  const tail = to - around.offset;
  const split = segments.flatMap((one): readonly Segment[] => {
    if (one.kind === HEADER_TABLE) return [];
    if (one !== around) return [one];
    return [
      { ...one, fileBytes: head, memoryBytes: head },
      {
        ...one,
        offset: to,
        address: one.address + tail,
        physical: one.physical + tail,
        fileBytes: one.fileBytes - tail,
        memoryBytes: one.memoryBytes - tail,
      },
    ];
  });
  if (split.length !== segments.length)
    throw new ToolError('the program has no entry in its table of segments to spare');
  return split;
}

const roundUp = (value: number, page: number): number => Math.ceil(value / page) * page;
const roundDown = (value: number, page: number): number => Math.floor(value / page) * page;
