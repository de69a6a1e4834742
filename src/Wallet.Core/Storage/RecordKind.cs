namespace Credentials.Wallet.Core.Storage;

/// <summary>What a record of the wallet file is. The numbers are part of the file format and never change.</summary>
internal enum RecordKind
{
    Document = 1,
    Credential = 2,
    Key = 3,
    History = 4,
    TrustAnchor = 5,
    RightsRequest = 6,
    Picture = 7,
    Authorization = 8,
    Deferral = 9,
    Renewal = 10,
    DocumentState = 11,
    Event = 12,
    Reissue = 13,
    Logo = 14,
}
