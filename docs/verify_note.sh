#!/bin/sh
# Verifies the score note of a score sheet with nothing but openssl and a POSIX shell. docs/verify-by-hand.md explains it.
#
#     sh verify_note.sh NOTE VKEY
#
# NOTE: a file with the bytes that the QR code holds, exactly. VKEY: a score key as the trust list prints it,
# NAME+KEYID+BASE64. Exit codes are those of the program: 0 true, 2 wrong usage, 3 false.

set -eu
LC_ALL=C
export LC_ALL

[ $# -eq 2 ] || { printf 'usage: sh verify_note.sh NOTE VKEY\n' >&2; exit 2; }
[ -r "$1" ] && [ ! -d "$1" ] || { printf 'no file that can be read: %s\n' "$1" >&2; exit 2; }
vkey=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
note=$work/note
cat "$1" >"$note"
[ -z "$(tail -c 1 "$note")" ] || printf '\n' >>"$note" # many scanners drop the last line's end

false_because() { printf 'FALSE: %s\n' "$1" >&2; exit 3; }
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# 1. The key: NAME + "+" + first 4 bytes of SHA-256(NAME, newline, 0x01, key) in hex + "+" + base64(0x01, key).
name=${vkey%%+*}
rest=${vkey#*+}
key_id=${rest%%+*}
printf '%s' "${rest#*+}" | openssl base64 -d -A >"$work/key" || exit 2
case $(hex "$work/key") in
    01????????????????????????????????????????????????????????????????) ;;
    *) printf 'this is no Ed25519 key: %s\n' "$vkey" >&2; exit 2 ;;
esac
{ printf '%s\n' "$name"; cat "$work/key"; } | openssl dgst -sha256 -binary >"$work/hash"
case $(hex "$work/hash") in
    "$key_id"*) ;;
    *) printf 'the key id does not belong to this key: %s\n' "$vkey" >&2; exit 2 ;;
esac

# 2. The note: text, one empty line, one signature line "— NAME BASE64". The text goes up to that empty line.
sed '/^$/,$d' "$note" >"$work/text"
sed '1,/^$/d' "$note" >"$work/line"
{ cat "$work/text"; printf '\n'; cat "$work/line"; } >"$work/again"
cmp -s "$note" "$work/again" || false_because 'this is not a note'
[ "$(sed -n '$=' "$work/line")" = 1 ] || false_because 'a score note has exactly one signature'
case $(sed 1q "$work/text") in
    'cbt-station/score/v1 official' | 'cbt-station/score/v1 test') ;;
    *) false_because 'this is not a score note' ;;
esac
signature=$(sed -n "s|^— $name \([A-Za-z0-9+/=]*\)\$|\1|p" "$work/line")
[ -n "$signature" ] || false_because "it is not signed by $name"

# 3. The signature: the key's id (4 bytes), then Ed25519 over the text (64 bytes).
printf '%s' "$signature" | openssl base64 -d -A >"$work/signed" || false_because 'the signature is malformed'
case $(hex "$work/signed") in
    "$key_id"*) ;;
    *) false_because 'the signature names another key' ;;
esac
[ "$(printf '%s' "$(hex "$work/signed")" | wc -c | tr -d ' ')" = 136 ] || false_because 'the signature is malformed'
tail -c 64 "$work/signed" >"$work/sig"

# 4. Ed25519: RFC 8410's prefix makes the 32 bytes a key that openssl reads.
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$work/key"; } >"$work/public"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/public" -rawin \
    -in "$work/text" -sigfile "$work/sig" >/dev/null 2>&1 || false_because 'the signature is not by this key over this text'

# 5. What it says is true. A test note says nothing about an official exam.
cat "$work/text"
case $(sed 1q "$work/text") in *' test') printf '\nTEST: this is not the result of an official exam.\n' ;; esac
printf '\nTRUE: signed by %s\n' "$name"
