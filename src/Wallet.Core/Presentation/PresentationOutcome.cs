namespace Credentials.Wallet.Core.Presentation;

/// <summary>What became of an answer that was sent.</summary>
/// <param name="IsConfirmed">True if the verifier said that it took the answer. If not, it may have it all the same.</param>
/// <param name="RedirectUri">Where the verifier wants the holder's browser to go; null: nowhere.</param>
/// <param name="Code">Why it is not confirmed: <c>wallet.verifier_refused</c>, or the code of a network error.</param>
public sealed record PresentationOutcome(bool IsConfirmed, Uri? RedirectUri, string? Code);
