using System.Net;
using System.Text;
using System.Text.Json;

namespace Credentials.Tests.Shared;

/// <summary>An answer of a service that things happen to.</summary>
/// <param name="Status">Below 500.</param>
/// <param name="IsRepeated">The request was sent before, and may have been carried out then.</param>
public sealed record FaultAnswer(HttpStatusCode Status, byte[] Body, bool IsRepeated)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public override string ToString() => $"{(int)Status} {Encoding.UTF8.GetString(Body)}";
}
