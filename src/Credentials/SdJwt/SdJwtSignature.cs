using System.Text.Json;
using Credentials.Jose;

namespace Credentials.SdJwt;

/// <summary>One signature of an SD-JWT.</summary>
/// <param name="Jwt">Protected header, payload and signature.</param>
/// <param name="UnprotectedHeader">The unprotected header of a JSON form, which nobody signed; null where there is none.</param>
internal sealed record SdJwtSignature(CompactJws Jwt, JsonElement? UnprotectedHeader = null);
