using ClientFailover.Samples.OmfReceiver.Omf;
using ClientFailover.Samples.OmfReceiver.Storage;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Samples.OmfReceiver;

/// <summary>Responsible for one OMF message: read, checked, stored for good, answered. A message is taken as a whole or not at all.</summary>
internal sealed class Receiver(Database database, Access access, TimeProvider time)
{
    public async Task<IResult> ReceiveAsync(HttpContext http)
    {
        try
        {
            var sender = access.SenderOf(http.Request);
            var message = await OmfRequest.ReadAsync(http.Request, http.RequestAborted);
            return message.Kind switch
            {
                MessageKind.Type => Created(await database.AddTypesAsync(TypeDefinition.ParseAll(message.Body))),
                MessageKind.Container => Created(await database.AddContainersAsync(ContainerDefinition.ParseAll(message.Body))),
                _ => await StoreAsync(message, sender),
            };
        }
        catch (RefusedException refusal)
        {
            if (refusal.Status == StatusCodes.Status401Unauthorized)
            {
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"OMF\"";
            }

            return Results.Json(ErrorBody.Of(http.TraceIdentifier, refusal.Message, time.GetUtcNow()), statusCode: refusal.Status);
        }
        catch (SqliteException failure)
        {
            // A full or broken disk: nothing of the message is stored, and the sender is to come again.
            return Results.Json(ErrorBody.Of(http.TraceIdentifier, failure.Message, time.GetUtcNow()), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (BadHttpRequestException refusal)
        {
            // The server's own: a body above the limit, or cut off.
            return Results.Json(ErrorBody.Of(http.TraceIdentifier, refusal.Message, time.GetUtcNow()), statusCode: refusal.StatusCode);
        }
    }

    private async Task<IResult> StoreAsync(OmfMessage message, string sender)
    {
        var rows = DataParser.Parse(message.Body, database.Containers);
        await database.AddValuesAsync(rows, sender, time.GetUtcNow());
        return Results.NoContent();
    }

    private static IResult Created(bool anything) => Results.StatusCode(anything ? StatusCodes.Status201Created : StatusCodes.Status200OK);
}
