using System.Net;
using System.Text.Json;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>What must hold of every answer that is not accepted.</summary>
internal static class Answers
{
    /// <summary>Refused with a stored report: the wallet learns nothing but that, and no claim is told or kept.</summary>
    public static async Task<JsonElement> AssertNotAcceptedAsync(this TestVerifier verifier, Created created, HttpResponseMessage response, string? check = null, string? code = null)
    {
        await AssertRefusalTellsNothingAsync(response);
        var state = await verifier.StateAsync(created.Id);
        Assert.Equal("not_accepted", TestVerifier.Text(state, "state"));
        var report = state.GetProperty("report");
        Assert.False(report.GetProperty("accepted").GetBoolean());
        Assert.All(report.GetProperty("parts").EnumerateArray(), part => Assert.Equal(JsonValueKind.Null, part.GetProperty("claims").ValueKind));
        if (check is not null)
            Assert.Contains(Failures(report), f => f.Check == check && (code is null || f.Code == code));
        using var evidence = await verifier.GetAsync($"/verifications/{created.Id}/evidence");
        Assert.Equal(HttpStatusCode.NotFound, evidence.StatusCode);
        return report;
    }

    /// <summary>Refused as unreadable: nothing is stored and nothing used up, so that the right answer is still accepted.</summary>
    public static async Task AssertLeftNothingAsync(this TestVerifier verifier, Created created, HttpResponseMessage response, string state = "requested")
    {
        Assert.InRange((int)response.StatusCode, 400, 499);
        await AssertBodyTellsNothingAsync(response);
        var now = await verifier.StateAsync(created.Id);
        Assert.Equal(state, TestVerifier.Text(now, "state"));
        Assert.Equal(JsonValueKind.Null, now.GetProperty("report").ValueKind);
    }

    public static async Task AssertRefusalTellsNothingAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AssertBodyTellsNothingAsync(response);
    }

    public static IEnumerable<(string Check, string? Code)> Failures(JsonElement report) =>
        report.GetProperty("parts").EnumerateArray().SelectMany(p => p.GetProperty("checks").EnumerateArray())
            .Concat(report.GetProperty("checks").EnumerateArray())
            .Where(c => c.GetProperty("outcome").GetString() is "failed" or "indeterminate")
            .Select(c => (c.GetProperty("id").GetString()!, c.TryGetProperty("code", out var code) ? code.GetString() : null));

    private static async Task AssertBodyTellsNothingAsync(HttpResponseMessage response)
    {
        var json = await TestVerifier.ReadAsync(response);
        var member = Assert.Single(json.EnumerateObject());
        Assert.Equal("error", member.Name);
        Assert.Matches("^[a-z_]+$", member.Value.GetString());
    }
}
