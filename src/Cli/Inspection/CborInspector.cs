using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.StatusLists;

namespace Credentials.Cli.Inspection;

/// <summary>CBOR of this field, told apart by the members that only they have.</summary>
internal static class CborInspector
{
    // As much as the largest thing of this field may have: an identifier list.
    private static readonly CborLimits Limits = new(StatusToken.MaxBytes, MaxMembers: IdentifierList.MaxCount, MaxItems: 1 << 18);

    // RFC 8949 §3: an array, a map, or one of the tags that our structures begin with: COSE_Mac0, COSE_Sign1, embedded CBOR, CWT.
    internal static bool LooksLikeIt(ReadOnlySpan<byte> input) => input.Length > 1 && (input[0] >> 5 is 4 or 5 || input[0] is 0xd1 or 0xd2 or 0xd8);

    internal static JsonObject Describe(ReadOnlyMemory<byte> input)
    {
        var value = CborValue.Decode(input, limits: Limits);
        while (value.Kind == CborKind.Tag)
            value = value.GetTag() == CborValue.EncodedCborTag ? value.GetEncodedCbor().Decode(CodecCodes.CborMalformed) : value.GetTagContent();
        return value.Kind switch
        {
            CborKind.Map when value.Find("issuerAuth"u8) is not null => MdocInspector.DescribeIssuerSigned(value.Encoded),
            CborKind.Map when value.Find("docRequests"u8) is not null => MdocInspector.DescribeRequest(value.Encoded),
            CborKind.Map when value.Find("version"u8) is not null && value.Find("status"u8) is not null => MdocInspector.DescribeResponse(value.Encoded),
            CborKind.Map when value.Find("valueDigests"u8) is not null => MdocInspector.DescribeSecurityObject(value.Encoded),
            CborKind.Map when value.Find(0) is { Kind: CborKind.TextString } && value.Find(1) is { Kind: CborKind.Array } => EngagementInspector.Describe(value.Encoded),
            CborKind.Array when value.Count == 4 => DescribeSignature(value),
            _ => With(Inspector.Kind("CBOR"), "document", value),
        };
    }

    /// <summary>Who is said to have signed and how: the algorithm, the type header and the certificates.</summary>
    internal static JsonObject DescribeHeaders(CoseHeaders headers)
    {
        var description = new JsonObject { ["algorithm"] = CoseAlgorithms.Find(headers.Algorithm)?.JoseName ?? $"COSE {headers.Algorithm}" };
        if (headers.Type is { } type)
            description["type"] = type;
        if (headers.X5Chain() is { } chain)
            description["certificates"] = CertificateInspector.DescribeChain(chain);
        return description;
    }

    /// <summary>A value as JSON; what JSON cannot show is said to be so.</summary>
    internal static JsonObject With(JsonObject description, string name, CborValue value)
    {
        try
        {
            description[name] = StrictJson.ToNode(CborJson.ToJson(value));
        }
        catch (MalformedDataException failure)
        {
            description[name] = new JsonObject { ["unreadable"] = failure.Code };
        }
        return description;
    }

    private static JsonObject DescribeSignature(CborValue value)
    {
        var signature = CoseSign1.Parse(value);
        if (StatusListInspector.DescribeCwt(signature, Limits) is { } list)
            return list;
        var description = Inspector.Kind("COSE_Sign1");
        description["headers"] = DescribeHeaders(signature.Headers);
        if (signature.Payload is { } payload)
        {
            description["payload_bytes"] = payload.Length;
            if (LooksLikeIt(payload.Span))
                description["payload"] = Describe(payload);
        }
        return description;
    }
}
