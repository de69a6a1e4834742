namespace Credentials.Issuer.Tests.Setup;

internal sealed record MadeOffer(string Id, string Code, string? TxCode, string Link, Uri Page);
