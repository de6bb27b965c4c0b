namespace ClientFailover.Service.Transport.Rest;

/// <summary>
/// A request with a document that an administrator writes: everything that is wrong with it is told at once, what is no
/// text, object or boolean where there must be one included. Of other bodies only the first such mistake is told.
/// </summary>
internal interface IDocument;
