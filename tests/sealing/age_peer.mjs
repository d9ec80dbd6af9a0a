// The other side of tests/sealing/test_age_peers.py: npm's age-encryption, one request as JSON on standard input.
// usage: node age_peer.mjs PATH-OF-THE-PACKAGE < request > answer
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const age = await import(pathToFileURL(process.argv[2] + "/dist/index.js"));
const request = JSON.parse(readFileSync(0, "utf8"));
const data = Buffer.from(request.data ?? "", "base64");
const answer = {};
if (request.act === "keys") {
    answer.identity = await age.generateHybridIdentity();
    answer.recipient = await age.identityToRecipient(answer.identity);
} else if (request.act === "encrypt") {
    const encrypter = new age.Encrypter();
    if (request.passphrase) {
        encrypter.setScryptWorkFactor(10);
        encrypter.setPassphrase(request.passphrase);
    } else {
        encrypter.addRecipient(request.recipient);
    }
    answer.data = Buffer.from(await encrypter.encrypt(data)).toString("base64");
} else if (request.act === "decrypt") {
    const decrypter = new age.Decrypter();
    if (request.passphrase) {
        decrypter.addPassphrase(request.passphrase);
    } else {
        decrypter.addIdentity(request.identity);
    }
    answer.data = Buffer.from(await decrypter.decrypt(data, "uint8array")).toString("base64");
} else if (request.act === "dearmor") {
    answer.data = Buffer.from(age.armor.decode(request.text)).toString("base64");
}
process.stdout.write(JSON.stringify(answer));
