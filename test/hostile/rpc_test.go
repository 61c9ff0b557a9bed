package hostile

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "tudoIM/common/wire" // so that its services are known here, as those of the halves
	"tudoIM/test/client"
	"tudoIM/test/photo"
	"tudoIM/test/suite"
	_ "tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	_ "tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	_ "tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	_ "tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	_ "tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	_ "tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// proofHeader is what a call carries its proof in.
const proofHeader = "tudo-internal"

// method is one method of an rpc half.
type method struct {
	half, name string
	in         protoreflect.MessageType
}

// methods are all of all rpc halves, by what the .proto files have become: a
// new one is here by itself, and a service that is not known here fails.
func methods(t *testing.T) (all []method) {
	t.Helper()
	known := map[string]bool{}
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		halves := []string{string(f.Package())}
		if f.Package() == "wire" {
			halves = []string{"chat_rpc", "group_rpc"}
		}
		if !slices.Contains(suite.Halves, halves[0]) {
			return true
		}
		for i := range f.Services().Len() {
			s := f.Services().Get(i)
			known[string(s.FullName())] = true
			for j := range s.Methods().Len() {
				m := s.Methods().Get(j)
				in, err := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
				must(t, string(m.FullName()), err)
				for _, half := range halves {
					all = append(all, method{half, fmt.Sprintf("/%s/%s", s.FullName(), m.Name()), in})
				}
			}
		}
		return true
	})
	root := filepath.Join(suite.Folder("gateway"), "..")
	for _, pattern := range []string{"tudoIM_*/*_rpc/*.proto", "common/wire/*.proto"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		must(t, pattern, err)
		for _, file := range files {
			b, err := os.ReadFile(file)
			must(t, file, err)
			pkg := regexp.MustCompile(`(?m)^package (\w+);`).FindSubmatch(b)
			for _, s := range regexp.MustCompile(`(?m)^service (\w+)`).FindAllSubmatch(b, -1) {
				if name := string(pkg[1]) + "." + string(s[1]); !known[name] {
					t.Errorf("nothing is played on the service %s of %s", name, filepath.Base(file))
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b method) int { return strings.Compare(a.half+a.name, b.half+b.name) })
	return all
}

// bytesCodec sends bytes as they are, and takes what comes.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error)   { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(b []byte, v any) error { *v.(*[]byte) = b; return nil }
func (bytesCodec) Name() string                    { return "proto" }

// call calls m with a request as it is.
func call(t *testing.T, conn *grpc.ClientConn, m method, md metadata.MD, request []byte) error {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), 2*quick)
	defer cancel()
	var answer []byte
	return conn.Invoke(metadata.NewOutgoingContext(c, md), m.name, &request, &answer, grpc.ForceCodec(bytesCodec{}))
}

// connect connects to each rpc half.
func (w *stage) connect(t *testing.T) map[string]*grpc.ClientConn {
	t.Helper()
	all := map[string]*grpc.ClientConn{}
	for name, addr := range w.doors {
		if strings.HasSuffix(name, "_rpc") {
			conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
			must(t, name, err)
			t.Cleanup(func() { _ = conn.Close() })
			all[name] = conn
		}
	}
	return all
}

// rowsOfUnsignedCalls call every method without the internal proof, and what
// tells of methods.
func rowsOfUnsignedCalls(t *testing.T, w *stage) {
	conns := w.connect(t)
	all := methods(t)
	if len(all) < 150 {
		t.Fatalf("only %d methods", len(all))
	}
	for _, m := range all {
		for name, md := range map[string]metadata.MD{
			"nothing":        nil,
			"an empty proof": metadata.Pairs(proofHeader, ""),
			"another proof":  metadata.Pairs(proofHeader, strings.Repeat("0", 64)),
			"two proofs":     metadata.Pairs(proofHeader, w.proof, proofHeader, w.proof),
			"half a proof":   metadata.Pairs(proofHeader, w.proof[:32]),
			"a token":        metadata.Pairs("authorization", "Bearer "+w.ann.AccessToken),
			"the identity":   metadata.Pairs("user-id", fmt.Sprint(w.ann.UserID), "role", "1"),
		} {
			if err := call(t, conns[m.half], m, md, nil); status.Code(err) != codes.Unauthenticated {
				t.Errorf("%s %s with %s: %v", m.half, m.name, name, err)
			}
		}
	}
	for half, conn := range conns {
		for _, name := range []string{
			"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "/x/y", "/" + strings.Repeat("x", 5000) + "/y",
			"/grpc.channelz.v1.Channelz/GetServers", "/../x",
		} {
			if err := call(t, conn, method{half: half, name: name}, nil, nil); status.Code(err) != codes.Unimplemented {
				t.Errorf("%s %.60s: %v", half, name, err)
			}
		}
	}
}

// values are what the fields of a hostile message are set to.
type values struct {
	text   string
	bytes  []byte
	uint   uint64
	int    int64
	truth  bool
	number float64
	// lists is how long they are, in scalars and in messages.
	lists, messages int
	// branch chooses among what only one can be set of.
	branch int
	// user, if not 0, stands in fields that name somebody.
	user uint64
	// empty leaves messages within without a field.
	empty bool
}

var namesUser = regexp.MustCompile(`user|peer|operator|member|friend|creator|inviter|handler|watch`)

// fill sets every field of m, and of messages within down to depth.
func (v values) fill(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() && f.Index() != o.Fields().Get(v.branch%o.Fields().Len()).Index() {
			continue
		}
		one := func(f protoreflect.FieldDescriptor, fresh func() protoreflect.Value) protoreflect.Value {
			if f.Message() == nil {
				return v.scalar(f)
			}
			inner := fresh()
			if depth > 0 && !v.empty {
				v.fill(inner.Message(), depth-1)
			}
			return inner
		}
		switch {
		case f.IsMap():
			values := m.Mutable(f).Map()
			values.Set(v.scalar(f.MapKey()).MapKey(), one(f.MapValue(), values.NewValue))
		case f.IsList():
			list, n := m.Mutable(f).List(), v.lists
			if f.Message() != nil {
				n = v.messages
			}
			for range n {
				list.Append(one(f, list.NewElement))
			}
		case f.Message() != nil:
			one(f, func() protoreflect.Value { return m.Mutable(f) })
		default:
			m.Set(f, v.scalar(f))
		}
	}
}

func (v values) scalar(f protoreflect.FieldDescriptor) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(v.truth)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(v.text)
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(v.bytes)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if v.user != 0 && namesUser.MatchString(string(f.Name())) {
			return protoreflect.ValueOfUint64(v.user)
		}
		return protoreflect.ValueOfUint64(v.uint)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(v.uint))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(v.int)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(max(min(v.int, math.MaxInt32), math.MinInt32)))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(max(min(v.int, math.MaxInt32), math.MinInt32)))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(v.number))
	default:
		return protoreflect.ValueOfFloat64(v.number)
	}
}

// maxRequest is the most a server takes, less what is around a request.
const maxRequest = 3_500_000

// countStrings is how many strings m has when it is filled once.
func countStrings(m protoreflect.MessageType) int {
	probe := values{text: "\x01probe\x02", lists: 1, messages: 1}
	filled := m.New()
	probe.fill(filled, 3)
	b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(filled.Interface()) // text is text
	return bytes.Count(b, []byte(probe.text))
}

// hostiles are the requests that are played on m, by name. Those whose names
// begin with "no message" cannot be read as one at all. Each is made when it is
// needed: together they would be a hundred megabytes.
func (m method) hostiles(t *testing.T, victim *client.Client) map[string]func() []byte {
	t.Helper()
	strings_ := max(countStrings(m.in), 1)
	long := strings.Repeat("x", min(1<<20, maxRequest/strings_))
	noise := rand.New(rand.NewPCG(1, 2))
	all := map[string]func() []byte{}
	for name, b := range map[string][]byte{
		"zero values":                     {},
		"no message: an open group":       {0x0b},
		"no message: a cut number":        {0x08, 0xff},
		"no message: a cut text":          {0x0a, 0x7f, 'x'},
		"no message: field 0":             {0x02, 0x00},
		"no message: a wire type of none": {0x0f},
		"no message: a length of 2^63":    append([]byte{0x0a}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
		"a message in a message, 5,000":   nested,
		"fields of another type":          {0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 0x00, 0x22, 0x00, 0x2a, 0x00, 0x30, 0x01},
		"a field there is not":            append([]byte{0xf8, 0xff, 0xff, 0xff, 0x0f}, 1),
	} {
		all[name] = func() []byte { return b }
	}
	for i := range 8 {
		b := make([]byte, 1+noise.IntN(200))
		for j := range b {
			b[j] = byte(noise.Uint32())
		}
		all[fmt.Sprint("noise ", i)] = func() []byte { return b }
	}
	deep := []byte(strings.Repeat("[", 5000) + strings.Repeat("]", 5000))
	sets := map[string]values{
		"messages of nothing": {empty: true, messages: 2},
		"2^64-1":              {uint: math.MaxUint64, int: math.MaxInt64, truth: true, text: "x", bytes: []byte("x"), number: math.Inf(1), lists: 1, messages: 1},
		"2^63":                {uint: 1 << 63, int: math.MinInt64, text: "\u202e\x00\r\n", bytes: []byte("null"), number: math.NaN(), lists: 2, messages: 2},
		"-1":                  {uint: 1<<52 + 1, int: -1, truth: true, text: "' OR 1=1 -- %_\\", bytes: []byte("[]"), number: -1, lists: 1, messages: 1},
		"2^53, deep JSON":     {uint: 1<<53 + 1, int: 1 << 40, text: "{}", bytes: deep, lists: 1, messages: 1},
		"a text of 1 MB":      {uint: 1 << 50, int: 1, text: long, bytes: []byte(`{"type":1,"textMsg":{"content":"x"}}`), lists: 1, messages: 1},
		"bytes of 1 MB":       {uint: 1 << 50, int: 1, text: "x", bytes: bytes.Repeat([]byte("x"), 1<<20), lists: 1, messages: 1},
		"lists of 20,000":     {uint: 1 << 50, int: 1, text: "x", bytes: []byte("{}"), lists: 20_000, messages: 1000},
		"lists of zeros":      {lists: 3, messages: 3},
		"of somebody": {
			user: victim.UserID, uint: 1 << 50, int: 1, text: "x", bytes: []byte(`{"type":1,"textMsg":{"content":"x"}}`), lists: 1, messages: 1,
		},
		"of somebody, at the end": {
			user: victim.UserID, uint: math.MaxUint64, int: math.MaxInt64, truth: true, text: strings.Repeat("\u0000", 300), bytes: []byte(`{"type":9,"replyMsg":null}`), lists: 2, messages: 2,
		},
		"of somebody, below": {user: victim.UserID, int: math.MinInt64, bytes: []byte("{"), lists: 1, messages: 1},
	}
	branches := 1
	fields := m.in.Descriptor().Fields()
	for i := range fields.Len() {
		if inner := fields.Get(i).Message(); inner != nil && inner.Oneofs().Len() > 0 {
			branches = max(branches, inner.Oneofs().Get(0).Fields().Len())
		}
	}
	marshal := func(v values) []byte {
		filled := m.in.New()
		v.fill(filled, 3)
		b, err := proto.Marshal(filled.Interface())
		must(t, m.name, err)
		return b
	}
	for name, v := range sets {
		for branch := range branches {
			v := v
			v.branch = branch
			all[fmt.Sprint(name, " ", branch)] = func() []byte {
				b := marshal(v)
				if len(b) > 4<<20 { // would not be read at all
					v.lists, v.messages = 10, 10
					b = marshal(v)
				}
				return b
			}
		}
	}
	probe := values{text: "\x01probe\x02", uint: 1 << 50, lists: 1, messages: 1}
	if b := marshal(probe); bytes.Contains(b, []byte(probe.text)) {
		all["no message: texts that are no UTF-8"] = func() []byte { return bytes.ReplaceAll(b, []byte(probe.text), []byte("\xff\xfeprob\xc0")) }
	}
	return all
}

// nested is a message in a message, and so on.
var nested = func() (b []byte) {
	for range 5000 {
		b = append(append([]byte{0x0a}, varint(len(b))...), b...)
	}
	return b
}()

func varint(n int) (b []byte) {
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

// rowsOfSignedCalls call every method with the proof, and what nobody would
// send: whoever has the proof may do all there is, but breaks nothing.
func rowsOfSignedCalls(t *testing.T, w *stage) {
	conns := w.connect(t)
	md := metadata.Pairs(proofHeader, w.proof)
	victims := map[string]*client.Client{}
	for _, m := range methods(t) {
		if victims[m.half] == nil {
			victims[m.half] = w.register(t)
		}
		before := w.photograph(t)
		all := m.hostiles(t, victims[m.half])
		for _, name := range sorted(all) {
			request := all[name]()
			begin := time.Now()
			err := call(t, conns[m.half], m, md, request)
			what := fmt.Sprintf("%s %s: %s", m.half, m.name, name)
			if took := time.Since(begin); took > quick {
				t.Errorf("%s: answered after %v", what, took)
			}
			s, _ := status.FromError(err)
			switch s.Code() {
			case codes.OK:
			case codes.Internal:
				// gRPC itself says so of what it cannot read, before anything of ours is asked.
				if !strings.HasPrefix(s.Message(), "grpc: failed to unmarshal the received message") {
					t.Errorf("%s: %v", what, err)
				}
			case codes.Unknown, codes.Unavailable, codes.DeadlineExceeded, codes.DataLoss, codes.Unimplemented, codes.Canceled, codes.Aborted:
				t.Errorf("%s: %v", what, err)
			default:
				told(t, what, []byte(s.Message()), request)
			}
		}
		photo.Unchanged(t, m.name, before, w.photograph(t))
	}
}
