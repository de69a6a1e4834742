namespace Credentials.OpenId4Vci;

/// <summary>What became of issued credentials (OpenID4VCI §11.1).</summary>
public enum NotificationEvent
{
    /// <summary>They are in the wallet.</summary>
    Accepted,

    /// <summary>They could not be stored, for another reason than the user's will.</summary>
    Failure,

    /// <summary>The user did not want them.</summary>
    Deleted,
}
