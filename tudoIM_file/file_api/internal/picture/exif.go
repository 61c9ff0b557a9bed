package picture

import (
	"bytes"
	"encoding/binary"
)

// exifMark is what EXIF begins with in a JPEG, and sometimes elsewhere.
var exifMark = []byte("Exif\x00\x00")

const (
	tagOrientation = 0x0112
	typeShort      = 3
)

// orientation returns how EXIF says that the picture is to be turned, 1 to 8,
// where 1 is not at all. What cannot be read is 1.
func orientation(exif []byte) int {
	exif = bytes.TrimPrefix(exif, exifMark)
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(exif[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return 1
	}
	n := int(order.Uint16(exif[at:]))
	entries := exif[at+2:]
	for ; n > 0 && len(entries) >= 12; n, entries = n-1, entries[12:] {
		if order.Uint16(entries) != tagOrientation {
			continue
		}
		turn := int(order.Uint16(entries[8:]))
		if order.Uint16(entries[2:]) != typeShort || order.Uint32(entries[4:]) != 1 || turn < 1 || turn > 8 {
			return 1
		}
		return turn
	}
	return 1
}

// onlyTurn is EXIF that says nothing but how the picture is to be turned.
func onlyTurn(turn int) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, tagOrientation)
	b = binary.LittleEndian.AppendUint16(b, typeShort)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(turn)) //nolint:gosec // 1 to 8
	return append(b, 0, 0, 0, 0)                          // no second directory
}
