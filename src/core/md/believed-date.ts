/** 2024-01-01: a date before this program existed is that of a clock which has lost its time. */
export const OLDEST_BELIEVED_MS = 1_704_067_200_000;
