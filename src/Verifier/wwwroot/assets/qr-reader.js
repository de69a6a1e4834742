// Reads a QR code with the camera or from a picture, in the browser, and sends its text through the page's own form.
// The page is what Pages/QrReader.cs writes: this verifier's scanner, and the wallet's.
(() => {
  const page = document.querySelector("[data-scan]");
  if (!page) return;
  const find = (id) => document.getElementById(id);
  const [video, camera, stop, picture, file, said] = ["view", "camera", "stop", "picture", "file", "said"].map(find);
  const text = page.querySelector("[data-text]");
  const maxPixels = 16_000_000;
  const maxBytes = 32 * 1024 * 1024;
  let stream = null;
  let turn = 0;

  const say = (name) => { said.textContent = name ? page.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] : ""; };

  // The browser's own reader where it reads QR codes, else the one that this service brings along.
  const makeReader = async () => {
    if (window.BarcodeDetector && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? "";
    }
    if (!page.dataset.reader || !window.ZXingWASM) return null;
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => page.dataset.reader } });
    return async (canvas) => {
      const pixels = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height);
      const found = await ZXingWASM.readBarcodes(pixels, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
      return found[0]?.text ?? "";
    };
  };
  let reader = null;
  const hasNoCamera = () => !reader || !navigator.mediaDevices?.getUserMedia;

  const draw = (source, width, height, longest) => {
    const scale = Math.min(1, longest / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const send = (found) => {
    say("found");
    text.value = found;
    text.form.requestSubmit();
  };

  // What the last code led to, on pages that show that.
  const forget = () => { find("result")?.replaceChildren(); };

  const end = () => {
    turn += 1;
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.parentElement.hidden = true;
    stop.hidden = true;
    camera.hidden = hasNoCamera();
  };

  const look = async () => {
    const mine = (turn += 1);
    forget();
    try {
      const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 960 } } });
      if (mine !== turn) { opened.getTracks().forEach((track) => track.stop()); return; }
      stream = opened;
    } catch (refused) {
      say(refused.name === "NotAllowedError" ? "refused" : "camera");
      return;
    }
    video.srcObject = stream;
    video.parentElement.hidden = false;
    camera.hidden = true;
    stop.hidden = false;
    stop.focus();
    say("looking");
    await video.play();
    while (mine === turn) {
      const found = video.videoWidth ? await reader(draw(video, video.videoWidth, video.videoHeight, 1280)) : "";
      if (mine !== turn) return;
      if (found) { end(); send(found); return; }
      await new Promise((done) => { setTimeout(done, 120); });
    }
  };

  // RFC 9649 §2.5 to §2.7.
  const sizeOfWebP = (view) => {
    const uint24 = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    const chunk = view.byteLength >= 30 && view.getUint32(8) === 0x57454250 ? view.getUint32(12) : 0;
    if (chunk === 0x56503858) return [1 + uint24(24), 1 + uint24(27)];
    if (chunk === 0x5650384c) return [1 + (view.getUint32(21, true) & 0x3fff), 1 + ((view.getUint32(21, true) >> 14) & 0x3fff)];
    return chunk === 0x56503820 ? [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff] : null;
  };

  // Width and height as the file's head says, so that a picture that is too large is never unpacked.
  const sizeOf = async (blob) => {
    const view = new DataView(await blob.slice(0, 512 * 1024).arrayBuffer());
    if (view.byteLength >= 24 && view.getUint32(0) === 0x89504e47) return [view.getUint32(16), view.getUint32(20)];
    if (view.byteLength >= 4 && view.getUint32(0) === 0x52494646) return sizeOfWebP(view);
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
    let at = 2;
    while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
      const marker = view.getUint8(at + 1);
      if (marker === 0xff) { at += 1; continue; }
      if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return [view.getUint16(at + 7), view.getUint16(at + 5)];
      at += 2 + view.getUint16(at + 2);
    }
    return null;
  };

  const readPicture = async (blob) => {
    forget();
    const size = blob.size <= maxBytes ? await sizeOf(blob) : null;
    if (!size || size[0] * size[1] === 0 || size[0] * size[1] > maxPixels) { say("picture"); return; }
    let bitmap;
    try {
      bitmap = await createImageBitmap(blob);
    } catch {
      say("picture");
      return;
    }
    for (const longest of [1280, 4096]) {
      const found = await reader(draw(bitmap, bitmap.width, bitmap.height, longest));
      if (found) { send(found); return; }
    }
    say("nothing");
  };

  const guarded = (work) => (...values) => work(...values).catch(() => { end(); say("failed"); });

  makeReader().catch(() => null).then((made) => {
    reader = made;
    if (!reader) { say("missing"); page.querySelector("details").open = true; return; }
    picture.hidden = false;
    camera.hidden = hasNoCamera();
    page.dataset.ready = "";
  });
  camera.addEventListener("click", guarded(look));
  stop.addEventListener("click", () => { end(); say(""); camera.focus(); });
  file.addEventListener("change", guarded(async () => {
    end();
    const [chosen] = file.files;
    if (chosen) await readPicture(chosen);
    file.value = "";
  }));
  // A page that is left, for another or for its own answer, sees nothing any more; nor does it when it comes back.
  addEventListener("pagehide", () => { end(); say(""); });
})();
