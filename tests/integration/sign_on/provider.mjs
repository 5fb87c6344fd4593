// A certified OpenID Connect provider with six people; whoever gives a name at its form is that person.
const { default: Provider } = await import(process.env.PROVIDER);
const [port, node] = process.argv.slice(2);
const people = {
  maria: { name: "Maria Lopes", preferred_username: "Maria.Lopes@works.example", groups: ["staff", "authors"] },
  hanna: { name: "Hanna", preferred_username: "hanna", groups: ["staff"] },
  nora: { name: "Nora", preferred_username: "nora", groups: ["staff"] },
  bert: { name: "Bert Vis", preferred_username: "bert", groups: ["visitors"] },
  "tina-elsewhere": { name: "Tina", groups: ["staff"] },
  olga: { name: "Another Olga", preferred_username: "olga", groups: ["staff", "it"] },
};
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: "node", client_secret: "a-secret-of-the-node", redirect_uris: [`${node}/sign-in/back`],
    post_logout_redirect_uris: [`${node}/sign-in`], backchannel_logout_uri: `${node}/api/sign-on/ended`,
    backchannel_logout_session_required: true,
  }],
  features: { backchannelLogout: { enabled: true } },
  fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its own refuses addresses of this machine
  claims: { openid: ["sub"], profile: ["name", "preferred_username"], groups: ["groups"] },
  scopes: ["openid", "profile", "groups"],
  cookies: { keys: ["for-tests"] },
  pkce: { required: () => true },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
});
const server = provider.callback();
const { createServer } = await import("node:http");
createServer((request, response) => {
  const change = new URL(request.url, "http://localhost").searchParams.get("groups");
  if (!request.url.startsWith("/test-groups")) return server(request, response);
  people.maria.groups = change.split(" ");
  return response.end("ok");
}).listen(Number(port), "localhost", () => console.log("ready"));
