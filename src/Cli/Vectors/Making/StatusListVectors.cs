using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Jose;
using Credentials.StatusLists;

namespace Credentials.Cli.Vectors.Making;

/// <summary>Status list tokens in both forms and identifier lists: one of each that is used, and for every rule one that breaks only that.</summary>
internal static class StatusListVectors
{
    private const string Area = "status-list";

    private sealed record Case(string Name, string Description, StatusListParts.Flaw Flaw, string? Code);

    internal static async Task MakeAsync(VectorWriter writer, CancellationToken cancelled)
    {
        using var parts = new StatusListParts();
        foreach (var made in Cases(parts, JoseCodes.JwsType, "statuslist+cwt"))
            await WriteAsync(writer, parts, $"jwt_{made.Name}", made, "status-list.token", new JsonObject { ["token"] = await parts.JwtAsync(made.Flaw) }, cancelled);
        foreach (var made in Cases(parts, CoseCodes.Type, StatusListNames.IdentifierListMediaType))
            await WriteAsync(writer, parts, $"cwt_{made.Name}", made, "status-list.token", Hex(await parts.CwtAsync(made.Flaw)), cancelled);
        foreach (var made in (IEnumerable<Case>)[.. Cases(parts, CoseCodes.Type, StatusListNames.CwtMediaType), .. IdentifierListCases()])
            await WriteAsync(writer, parts, $"identifier_list_{made.Name}", made, "identifier-list.token", Hex(await parts.IdentifierListAsync(made.Flaw)), cancelled);
    }

    private static Case[] Cases(StatusListParts parts, string typeCode, string otherType)
    {
        var good = new StatusListParts.Flaw();
        return
        [
            new("accepted", "A list of the authority of the credential", good, null),
            new("other_subject", "About another address than the credential names", good with { Subject = StatusListParts.Uri + "/2" }, StatusListCodes.SubjectMismatch),
            new("expired", "Expired a minute ago", good with { ExpiresAt = StatusListParts.Now.AddMinutes(-1) }, StatusListCodes.TokenExpired),
            new("issued_in_the_future", "Issued two minutes from now", good with { IssuedAt = StatusListParts.Now.AddMinutes(2) }, StatusListCodes.TokenNotYetValid),
            new("signer_of_another_authority", "The same key with the certificate of an unknown authority", good with { IsStrangersCertificate = true }, StatusListCodes.SignerNotTrusted),
            new("signed_with_another_key", "Signed by another key than the certificate's", good with { Key = parts.OtherKey }, StatusListCodes.SignatureInvalid),
            new("other_type", "The header names another type", good with { Type = otherType }, typeCode),
            new("damaged_list", "The list inside is damaged", good with { IsListDamaged = true }, StatusListCodes.ListMalformed),
            new("without_a_list", "The claim of the list is missing", good with { HasNoList = true }, StatusListCodes.TokenMalformed),
        ];
    }

    private static Case[] IdentifierListCases() =>
    [
        new("without_expiry", "An identifier list says when it expires", new StatusListParts.Flaw { ExpiresAt = null }, StatusListCodes.TokenMalformed),
        new("with_a_status_list", "A status list stands beside the identifiers", new StatusListParts.Flaw { HasStatusListToo = true }, StatusListCodes.TokenMalformed),
    ];

    private static JsonObject Hex(byte[] token) => new() { ["token_hex"] = Convert.ToHexStringLower(token) };

    private static async Task WriteAsync(
        VectorWriter writer, StatusListParts parts, string name, Case made, string operation, JsonObject input, CancellationToken cancelled)
    {
        input["uri"] = StatusListParts.Uri;
        var scenario = new JsonObject
        {
            ["description"] = made.Description,
            ["operation"] = operation,
            ["now"] = StatusListParts.Now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["trust"] = new JsonObject { ["certificates"] = new JsonArray(parts.Authority.Certificate.ExportCertificatePem()) },
            ["input"] = input,
        };
        var expect = made.Code is null ? Expected(made.Flaw, operation) : new JsonObject { ["accepted"] = false, ["code"] = made.Code };
        var whole = scenario.DeepClone().AsObject();
        whole["expect"] = expect.DeepClone();
        if (await ScenarioRunner.RunAsync(VectorWriter.Preview(whole), cancelled) is { } difference)
            throw new MismatchException($"{name}: {difference}");
        writer.Write(Area, name, scenario, expect);
    }

    private static JsonObject Expected(StatusListParts.Flaw good, string operation)
    {
        var expect = new JsonObject
        {
            ["accepted"] = true,
            ["issued_at"] = NumericDate.From(good.IssuedAt),
            ["expires_at"] = NumericDate.From(good.ExpiresAt!.Value),
            ["ttl"] = 600,
        };
        if (operation == "identifier-list.token")
        {
            expect["identifiers_hex"] = new JsonArray([.. StatusListParts.Revoked.Select(id => JsonValue.Create(Convert.ToHexStringLower(id)))]);
            return expect;
        }
        var list = StatusListParts.List();
        expect["size"] = list.Size;
        expect["statuses"] = new JsonArray([.. Enumerable.Range(0, list.Size).Where(index => list[index] != 0).Select(index => new JsonArray(index, (int)list[index]))]);
        return expect;
    }
}
