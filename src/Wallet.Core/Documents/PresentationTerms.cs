using Credentials.Keys;
using Credentials.OpenId4Vp;

namespace Credentials.Wallet.Core.Documents;

/// <summary>What a presentation is made for.</summary>
/// <param name="Binding">The request that it answers.</param>
/// <param name="RequiresHolderBinding">False if the verifier also takes it without proof of possession.</param>
/// <param name="Transactions">The transactions that it authorizes.</param>
/// <param name="Key">The key that the credential is bound to.</param>
/// <param name="Now">When it is made.</param>
internal sealed record PresentationTerms(
    RequestBinding Binding, bool RequiresHolderBinding, IReadOnlyList<TransactionData> Transactions, ISigningKey Key, DateTimeOffset Now);
