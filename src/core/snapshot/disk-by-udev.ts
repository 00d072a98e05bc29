/**
 * What udev knows a disk by, the same on every path to it: its WWN or else its serial number, with the partition's number
 * behind. Null when it has neither. Firmware writes these: equal texts are a hint, not proof. Escape them for a console.
 */
export function diskByUdev(properties: ReadonlyMap<string, string>): string | null {
  const disk =
    properties.get('ID_WWN_WITH_EXTENSION') ?? properties.get('ID_WWN') ?? properties.get('ID_SERIAL') ?? '';
  if (disk === '') return null;
  const partition = properties.get('PARTN') ?? properties.get('ID_PART_ENTRY_NUMBER');
  return partition === undefined ? disk : `${disk}-part${partition}`;
}
