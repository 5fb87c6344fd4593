// Makes a practitioner's recovery key in the browser. Only the public part, as a did:key, goes into the form;
// the secret part is shown and offered as a file, and has no field that could be sent.

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const P256_PUBLIC = [0x80, 0x24]; // multicodec p256-pub (0x1200) as a varint

// Base58btc of a byte string (multibase prefix not included).
function base58(bytes) {
  const digits = [];
  for (const byte of bytes) {
    let carry = byte;
    for (let i = 0; i < digits.length; i++) {
      carry += digits[i] << 8;
      digits[i] = carry % 58;
      carry = (carry / 58) | 0;
    }
    for (; carry > 0; carry = (carry / 58) | 0) digits.push(carry % 58);
  }
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  return "1".repeat(zeros) + digits.reverse().map((digit) => BASE58[digit]).join("");
}

// An uncompressed point (0x04 | x | y) as did:key, compressed.
function didKey(point) {
  const parity = point[64] & 1 ? 3 : 2;
  return "did:key:z" + base58(Uint8Array.of(...P256_PUBLIC, parity, ...point.slice(1, 33)));
}

const hex = (base64url) =>
  Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");

async function makeKey() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const secret = hex((await crypto.subtle.exportKey("jwk", pair.privateKey)).d);
  return { public: didKey(point), secret };
}

function connect(form) {
  const part = (name) => form.querySelector(`[data-recovery-${name}]`);
  const field = form.elements.recoveryKey;
  const submit = part("submit");
  if (!globalThis.isSecureContext || !crypto.subtle) {
    part("problem").hidden = false;
    return;
  }
  part("start").hidden = false;
  field.readOnly = true;
  submit.disabled = true; // a read-only field is not checked by the browser
  part("make").addEventListener("click", async () => {
    const key = await makeKey();
    const text = `SkillNet recovery key\npublic: ${key.public}\nsecret (P-256, hex): ${key.secret}\n`;
    field.value = key.public;
    part("text").value = text;
    part("download").href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    part("secret").hidden = false;
    part("start").hidden = true;
    part("kept").required = true;
    submit.disabled = false;
    part("text").focus();
    part("text").setSelectionRange(0, 0); // from its beginning, wherever the browser would begin
    part("text").scrollTop = 0;
  });
}

document.querySelectorAll("[data-recovery-form]").forEach(connect);
