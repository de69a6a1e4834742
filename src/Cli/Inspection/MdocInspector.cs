using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Mdoc;

namespace Credentials.Cli.Inspection;

/// <summary>mdocs as they are issued, presented and asked for.</summary>
internal static class MdocInspector
{
    internal static JsonObject DescribeIssuerSigned(ReadOnlyMemory<byte> bytes) => Describe(Inspector.Kind("mdoc"), IssuerSigned.Parse(bytes));

    internal static JsonObject DescribeResponse(ReadOnlyMemory<byte> bytes)
    {
        var response = DeviceResponse.Parse(bytes);
        var description = Inspector.Kind("mdoc device response");
        description["status"] = response.Status;
        description["documents"] = new JsonArray([.. response.Documents.Select(Describe)]);
        if (response.DocumentErrors.Count > 0)
            description["document_errors"] = new JsonObject(response.DocumentErrors.DistinctBy(error => error.Key).Select(error => KeyValuePair.Create(error.Key, (JsonNode?)error.Value)));
        return description;
    }

    internal static JsonObject DescribeRequest(ReadOnlyMemory<byte> bytes)
    {
        var request = DeviceRequest.Parse(bytes);
        var description = Inspector.Kind("mdoc device request");
        description["version"] = request.Version;
        description["documents"] = new JsonArray([.. request.DocRequests.Select(Describe)]);
        if (request.ReaderAuthAll.Count > 0)
            description["reader_auth_all"] = new JsonArray([.. request.ReaderAuthAll.Select(auth => CborInspector.DescribeHeaders(auth.Headers))]);
        return description;
    }

    internal static JsonObject DescribeSecurityObject(ReadOnlyMemory<byte> bytes)
    {
        var description = Inspector.Kind("mobile security object");
        description["signed"] = Describe(MobileSecurityObject.Parse(EncodedCbor.Wrap(bytes).Bytes));
        return description;
    }

    private static JsonObject Describe(JsonObject description, IssuerSigned mdoc)
    {
        description["doctype"] = mdoc.SecurityObject.DocType;
        var claims = new JsonObject();
        foreach (var (nameSpace, items) in mdoc.NameSpaces)
        {
            var elements = new JsonObject();
            foreach (var item in items)
                CborInspector.With(elements, item.ElementIdentifier, item.ElementValue);
            claims[nameSpace] = elements;
        }
        description["claims"] = claims;
        description["signed"] = Describe(mdoc.SecurityObject);
        description["issuer_signature"] = CborInspector.DescribeHeaders(mdoc.IssuerAuth.Headers);
        return description;
    }

    private static JsonObject Describe(MobileSecurityObject signed)
    {
        var description = new JsonObject
        {
            ["doctype"] = signed.DocType,
            ["signed_at"] = Time(signed.Validity.Signed),
            ["valid_from"] = Time(signed.Validity.ValidFrom),
            ["valid_until"] = Time(signed.Validity.ValidUntil),
            ["digest_algorithm"] = signed.DigestAlgorithm,
            ["device_key"] = Describe(signed.DeviceKey),
        };
        return signed.Status is { } status ? CborInspector.With(description, "status", status) : description;
    }

    private static JsonObject Describe(MdocDocument document)
    {
        var description = Describe(new JsonObject(), document.IssuerSigned);
        var device = document.DeviceSigned;
        var shown = new JsonObject { ["proof"] = device.Signature is null ? "MAC" : "signature" };
        if (device.Signature is { } signature)
            shown["headers"] = CborInspector.DescribeHeaders(signature.Headers);
        description["device"] = CborInspector.With(shown, "elements", device.NameSpaces.Decode(MdocCodes.Malformed));
        if (document.DocType != document.IssuerSigned.SecurityObject.DocType)
            description["doctype_outside"] = document.DocType;
        if (document.Errors.Count > 0)
            description["errors"] = new JsonObject(document.Errors.Select(space => KeyValuePair.Create(
                space.Key, (JsonNode?)new JsonObject(space.Value.Select(error => KeyValuePair.Create(error.Key, (JsonNode?)error.Value))))));
        return description;
    }

    private static JsonObject Describe(DocRequest request)
    {
        var asked = new JsonObject();
        foreach (var (nameSpace, elements) in request.ItemsRequest.NameSpaces)
            asked[nameSpace] = new JsonObject(elements.Select(element => KeyValuePair.Create(element.Key, (JsonNode?)(element.Value ? "to be kept" : "to be looked at"))));
        return new JsonObject
        {
            ["doctype"] = request.ItemsRequest.DocType,
            ["elements"] = asked,
            ["reader_auth"] = request.ReaderAuth is { } auth ? CborInspector.DescribeHeaders(auth.Headers) : "none",
        };
    }

    private static JsonObject Describe(PublicKey key)
    {
        var jwk = Jwk.Write(key);
        jwk["thumbprint"] = Jwk.Thumbprint(key);
        return jwk;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
