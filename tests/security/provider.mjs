// A real OpenID Connect provider on a port of its own: the certified package oidc-provider with its own test pages.
// Arguments: port, client secret, redirect address. Any login is a subject; it insists on PKCE.
import Provider from "oidc-provider";

const [port, secret, back] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "qianshao", client_secret: secret, redirect_uris: [back], response_types: ["code"] }],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
