namespace ClientFailover.Service.Identity;

/// <summary>A way to say who one is by the connection itself: it counts where a request has no <c>Authorization</c> header.</summary>
internal interface IConnectionScheme
{
    /// <summary>Judges a request's connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>What became of it; null: the connection says nothing.</returns>
    LogonOutcome? LogOn(HttpContext http);

    /// <summary>Looks whether what credentials are judged by has changed on disk. Costs next to nothing when called often.</summary>
    void Refresh();
}
