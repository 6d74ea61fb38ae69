"use strict";
// Sends the form of one operation as its OpenAPI description says and shows the answer.

function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const body = new FormData();
  for (const field of form.querySelectorAll("[data-in]")) {
    if (field.dataset.in === "path") {
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    } else if (field.dataset.in === "query") {
      if (field.value) query.set(field.name, field.value);
    } else if (field.dataset.in === "text") {
      if (field.value) body.append(field.name, field.value);
    } else {
      for (const file of field.files) body.append(field.name, file);
    }
  }
  const options = { method: form.dataset.method, headers: {} };
  const token = document.getElementById("token").value;
  if (token) options.headers.Authorization = `Bearer ${token}`;
  if (options.method === "POST") options.body = body;
  return [query.size ? `${path}?${query}` : path, options];
}

function show(form, status, text) {
  const answer = form.querySelector(".answer");
  const overlay = form.querySelector(".overlay");
  overlay.hidden = true;
  try {
    const parsed = JSON.parse(text);
    if (parsed.heatmap_png) {
      overlay.src = `data:image/png;base64,${parsed.heatmap_png}`;
      overlay.hidden = false;
      parsed.heatmap_png = "(shown below)";
    }
    text = JSON.stringify(parsed, null, 2);
  } catch {
    // Not JSON: a model's card or the counters; shown as it is.
  }
  answer.textContent = `${status}\n${text}`;
  answer.hidden = false;
}

for (const form of document.querySelectorAll("form[data-path]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const response = await fetch(...requestOf(form));
      show(form, response.status, await response.text());
    } catch (error) {
      show(form, "No answer", String(error));
    }
  });
}
