// Makes a passkey, or signs in with one: asks the node for options, the device for an answer, and sends the form.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = async (making, options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge) };
    if (!making) {
      publicKey.allowCredentials = named(options.allowCredentials);
      return navigator.credentials.get({ publicKey });
    }
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    publicKey.excludeCredentials = named(options.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  };

  const written = ({ id, rawId, type, response }) => {
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const answer = Object.fromEntries(parts.filter((name) => response[name]).map((name) => [name, text(response[name])]));
    return JSON.stringify({ id, rawId: text(rawId), type, response: answer });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const making = form.dataset.passkey === "make";
      const problem = form.querySelector("[data-passkey-problem]");
      problem.hidden = true;
      try {
        const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
        if (making && answer.status === 403) {
          location.assign("/sign-in/again"); // the page is older than its person's proof
          return;
        }
        const { options, pending } = await answer.json();
        const credential = await ask(making, options);
        form.elements.pending.value = pending;
        form.elements.credential.value = written(credential);
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
})();
