import protobuf from 'protobufjs';
import { crc32c } from '../lib/io/crc.js';

/* Reads what EventWriter writes with a parser that is not ours, by TensorFlow's public definitions. */

/** Of event.proto, summary.proto, graph.proto, attr_value.proto and tensor_shape.proto: what we write. */
const definitions = `
  syntax = "proto3";
  message SessionLog { enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
    SessionStatus status = 1; string checkpoint_path = 2; string msg = 3; }
  message HistogramProto { double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5;
    repeated double bucket_limit = 6 [packed = true]; repeated double bucket = 7 [packed = true]; }
  message Summary {
    message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
    message Value { string tag = 1; oneof value { float simple_value = 2; Image image = 4; HistogramProto histo = 5; } }
    repeated Value value = 1; }
  message Event { double wall_time = 1; int64 step = 2;
    oneof what { string file_version = 3; bytes graph_def = 4; Summary summary = 5; SessionLog session_log = 7; } }
  message TensorShapeProto { message Dim { int64 size = 1; string name = 2; } repeated Dim dim = 2; bool unknown_rank = 3; }
  message AttrValue { message ListValue { repeated TensorShapeProto shape = 7; } oneof value { ListValue list = 1; } }
  message NodeDef { string name = 1; string op = 2; repeated string input = 3; string device = 4; map<string, AttrValue> attr = 5; }
  message VersionDef { int32 producer = 1; int32 min_consumer = 2; }
  message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
`;

const { root } = protobuf.parse(definitions);
const [Event, GraphDef] = ['Event', 'GraphDef'].map((name) => root.lookupType(name));

/** An event, its fields named in camelCase. */
export interface ReadEvent {
  wallTime: number;
  step: number;
  fileVersion?: string;
  sessionLog?: { status: number };
  summary?: {
    value: {
      tag: string;
      simpleValue?: number;
      histo?: Record<'min' | 'max' | 'num' | 'sum' | 'sumSquares', number> & {
        bucketLimit: number[];
        bucket: number[];
      };
      image?: { height: number; width: number; colorspace: number; encodedImageString: Buffer };
    }[];
  };
  graphDef?: {
    node: {
      name: string;
      op: string;
      input: string[];
      attr: Record<string, { list: { shape: { dim: { size: number }[] }[] } }>;
    }[];
  };
}

const plain = { longs: Number, arrays: true } as const;

/** All events of a file; an error for a record whose checks do not hold. */
export function readEvents(file: Buffer): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const content = file.subarray(at + 12, at + 12 + length);
    check(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    check(content, file.readUInt32LE(at + 12 + length));
    const event = Event.toObject(Event.decode(content), plain) as ReadEvent & {
      graphDef?: unknown;
    };
    const { graphDef } = event;
    if (graphDef !== undefined) {
      event.graphDef = GraphDef.toObject(GraphDef.decode(graphDef as unknown as Uint8Array), {
        ...plain,
        objects: true,
      }) as NonNullable<ReadEvent['graphDef']>;
    }
    events.push({ ...event, step: event.step ?? 0 });
    at += length + 16;
  }
  return events;
}

/** Undoes the mask: minus a constant, then 15 bits to the left. */
function check(bytes: Buffer, masked: number): void {
  const turned = (masked - 0xa282ead8) >>> 0;
  if (((turned << 15) | (turned >>> 17)) >>> 0 !== crc32c(bytes)) throw new Error('a record is damaged');
}
