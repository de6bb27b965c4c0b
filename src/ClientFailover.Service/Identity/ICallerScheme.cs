namespace ClientFailover.Service.Identity;

/// <summary>One way to say who one is, in the header <c>Authorization</c>.</summary>
internal interface ICallerScheme
{
    /// <summary>Its name, the first word of the header.</summary>
    string Name { get; }

    /// <summary>What <c>WWW-Authenticate</c> says of it to a caller who has not said who it is.</summary>
    string Challenge { get; }

    /// <summary>Judges a header.</summary>
    /// <param name="http">The request.</param>
    /// <param name="header">The header's value; its first word is the scheme's name.</param>
    /// <returns>What became of it; completed already when the credential is remembered.</returns>
    ValueTask<LogonOutcome> LogOnAsync(HttpContext http, string header);

    /// <summary>Judges a credential that was verified before on the same connection, by the same header.</summary>
    /// <param name="credential">The credential.</param>
    /// <returns>Whether it still counts.</returns>
    bool IsStillGood(VerifiedCredential credential);

    /// <summary>Looks whether what credentials are judged by has changed on disk. Costs next to nothing when called often.</summary>
    void Refresh();
}
