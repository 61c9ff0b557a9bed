package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tudoIM/common/errs"
)

var limits = Limits{Members: 2000, Owned: 100}

// many returns n ids from first on.
func many(first uint64, n int) []uint64 {
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = first + uint64(i) // #nosec G115 -- an index
	}
	return ids
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		draft Draft
		title string
		size  int32
		want  error
		field string
	}{
		{"title", Draft{Owner: 1, Mode: 1, Title: "团队 team 🎉"}, "团队 team 🎉", 2000, nil, ""},
		{"blanks around", Draft{Owner: 1, Mode: 1, Title: " \t　team\n "}, "team", 2000, nil, ""},
		{"two spellings of a letter are one", Draft{Owner: 1, Mode: 1, Title: "cafe\u0301"}, "café", 2000, nil, ""},
		{"marks of Chinese stay", Draft{Owner: 1, Mode: 1, Title: "好，走！①"}, "好，走！①", 2000, nil, ""},
		{"at the limit", Draft{Owner: 1, Mode: 1, Title: strings.Repeat("图", 64)}, strings.Repeat("图", 64), 2000, nil, ""},
		{"too long", Draft{Owner: 1, Mode: 1, Title: strings.Repeat("a", 65)}, "", 0, errs.GroupTitleLong, ""},
		{"far too long", Draft{Owner: 1, Mode: 1, Title: strings.Repeat(" ", 1<<20)}, "", 0, errs.GroupTitleLong, ""},
		{"no title", Draft{Owner: 1, Mode: 1}, "", 0, errs.GroupTitleLong, ""},
		{"blank", Draft{Owner: 1, Mode: 1, Title: "　 "}, "", 0, errs.GroupTitleLong, ""},
		{"nothing to see", Draft{Owner: 1, Mode: 1, Title: "\u200b\u3164"}, "", 0, errs.GroupTitleLong, ""},
		{"a control character", Draft{Owner: 1, Mode: 1, Title: "a\x00b"}, "", 0, errs.Bad, "title"},
		{"two lines", Draft{Owner: 1, Mode: 1, Title: "a\nb"}, "", 0, errs.Bad, "title"},
		{"a turned direction", Draft{Owner: 1, Mode: 1, Title: "a\u202eb"}, "", 0, errs.Bad, "title"},
		{"not UTF-8", Draft{Owner: 1, Mode: 1, Title: "a\xff"}, "", 0, errs.Bad, "title"},
		{"mode 0", Draft{Owner: 1, Title: "a"}, "", 0, errs.Bad, "mode"},
		{"mode 3", Draft{Owner: 1, Mode: 3, Title: "a"}, "", 0, errs.Bad, "mode"},
		{"nobody's", Draft{Mode: 1, Title: "a"}, "", 0, errs.Bad, "userId"},
		{"of friends", Draft{Owner: 1, Mode: 2, Members: []uint64{2}}, "", 2000, nil, ""},
		{"of no friends", Draft{Owner: 1, Mode: 2, Members: []uint64{1, 1}}, "", 0, errs.Bad, "userIdList"},
		{"least size", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(2)), Members: []uint64{2, 2, 1}}, "a", 2, nil, ""},
		{"greatest size", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(2000)), Members: many(2, 1999)}, "a", 2000, nil, ""},
		{"size 1", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(1))}, "", 0, errs.BadGroupSize, ""},
		{"size 0", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(0))}, "", 0, errs.BadGroupSize, ""},
		{"size below 0", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(-1))}, "", 0, errs.BadGroupSize, ""},
		{"size above the limit", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(2001))}, "", 0, errs.BadGroupSize, ""},
		{"more members than room", Draft{Owner: 1, Mode: 1, Title: "a", Size: new(int32(2)), Members: []uint64{2, 3}}, "", 0, errs.BadGroupSize, ""},
		{"more members than a group can have", Draft{Owner: 1, Mode: 2, Members: many(2, 2000)}, "", 0, errs.BadGroupSize, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := c.draft
			err := d.Check(limits)
			if !errors.Is(err, c.want) || (c.field != "" && errs.From(err).Data["field"] != c.field) {
				t.Fatalf("error %v, want %v of %q", err, c.want, c.field)
			}
			if err == nil && (d.Title != c.title || *d.Size != c.size) {
				t.Errorf("title %q size %d", d.Title, *d.Size)
			}
		})
	}
}

func TestMembersAreASetWithoutTheOwner(t *testing.T) {
	t.Parallel()
	d := Draft{Owner: 5, Mode: ByTitle, Title: "a", Members: []uint64{9, 5, 7, 9, 7, 5, 8}}
	if err := d.Check(limits); err != nil || !slices.Equal(d.Members, []uint64{9, 7, 8}) {
		t.Errorf("%v, error %v", d.Members, err)
	}
	if all := d.All(); !slices.Equal(all, []uint64{5, 9, 7, 8}) {
		t.Error(all)
	}
}

func TestAmong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		members, friends []uint64
		stranger         string
	}{
		{"nobody", nil, nil, ""},
		{"friends", []uint64{3, 2}, []uint64{2, 3, 4}, ""},
		{"strangers", []uint64{2, 9, 8}, []uint64{2}, "9"},
		{"the id nobody has", []uint64{0}, []uint64{2}, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := (&Draft{Owner: 1, Members: c.members}).Among(c.friends)
			if c.stranger == "" && err != nil {
				t.Fatal(err)
			}
			if c.stranger != "" && (!errors.Is(err, errs.NotYourFriend) || errs.From(err).Data["userId"] != c.stranger) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 32)
	short := map[uint64]string{}
	for i := range uint64(40) {
		short[i+1] = fmt.Sprint(i % 10)
	}
	for _, c := range []struct {
		name      string
		members   []uint64
		nicknames map[uint64]string
		want      string
		isBad     bool
	}{
		{"two", []uint64{2}, map[uint64]string{1: "Ann", 2: "小明"}, "Ann、小明", false},
		{"in the order they were chosen", []uint64{3, 2}, map[uint64]string{1: "a", 2: "b", 3: "c"}, "a、c、b", false},
		{"one without an account", []uint64{2, 3}, map[uint64]string{1: "a", 3: "c"}, "a、c", false},
		{"spelt in pieces", []uint64{2}, map[uint64]string{1: "e\u0301", 2: "b"}, "é、b", false},
		{"just fits", []uint64{2}, map[uint64]string{1: long, 2: long[:31*3]}, long + "、" + long[:31*3], false},
		{"one too long", []uint64{2}, map[uint64]string{1: long, 2: long}, long + "…", false},
		{"as many as fit", []uint64{2, 3, 4}, map[uint64]string{1: long, 2: "b", 3: long, 4: "d"}, long + "、b…", false},
		{"32 short ones", many(2, 31), short, "0、1、2、3、4、5、6、7、8、9、0、1、2、3、4、5、6、7、8、9、0、1、2、3、4、5、6、7、8、9、0、1", false},
		{"33 short ones", many(2, 32), short, "0、1、2、3、4、5、6、7、8、9、0、1、2、3、4、5、6、7、8、9、0、1、2、3、4、5、6、7、8、9、0、1…", false},
		{"nobody has an account", []uint64{2}, nil, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := Draft{Owner: 1, Mode: ByFriends, Members: c.members}
			err := d.Name(c.nicknames)
			if d.Title != c.want || (err != nil) != c.isBad {
				t.Errorf("%q, error %v", d.Title, err)
			}
		})
	}
}
