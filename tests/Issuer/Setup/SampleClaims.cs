using System.Text.Json.Nodes;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>People who do not exist. The family name is a canary: it must not turn up in logs.</summary>
internal static class SampleClaims
{
    internal const string FamilyName = "Kanarienvogel";

    internal static JsonObject Licence(string birthDate = "1990-02-03") => new()
    {
        ["family_name"] = FamilyName,
        ["given_name"] = "길동",
        ["birth_date"] = birthDate,
        ["document_number"] = "11-22-333333-44",
        ["issue_date"] = "2026-01-02",
        ["expiry_date"] = "2036-01-01",
        ["issuing_country"] = "KR",
        ["driving_privileges"] = new JsonArray(new JsonObject { ["vehicle_category_code"] = "B", ["issue_date"] = "2010-01-01" }),
    };

    internal static JsonObject Resident() => new()
    {
        ["family_name"] = FamilyName,
        ["given_name"] = "길동",
        ["birth_date"] = "1990-02-03",
        ["certificate_number"] = "C-1",
        ["issue_date"] = "2026-11-01",
        ["address"] = new JsonObject { ["region"] = "서울특별시", ["city"] = "종로구", ["street"] = "세종대로 1", ["postal_code"] = "03000" },
        ["household_members"] = new JsonArray(
            new JsonObject { ["name"] = "홍부인", ["relationship"] = "배우자", ["birth_date"] = "1991-01-01" },
            new JsonObject { ["name"] = "홍자녀", ["relationship"] = "자녀", ["birth_date"] = "2020-01-01" }),
    };

    internal static JsonObject For(string id) => id == "mdl_sd_jwt" ? Licence() : Resident();

    internal static JsonObject OfferBody(bool txCode, string? subject, params string[] ids)
    {
        var claims = new JsonObject();
        foreach (var id in ids)
            claims[id] = For(id);
        var body = new JsonObject
        {
            ["credential_configuration_ids"] = new JsonArray([.. ids.Select(id => (JsonNode)JsonValue.Create(id))]),
            ["claims"] = claims,
            ["tx_code"] = txCode,
        };
        if (subject is not null)
            body["subject"] = subject;
        return body;
    }
}
